// Style and safety rules; those that need types are in .oxlintrc.json. Import directions are checked twice: roughly here (the editor shows it at once, also in .vue files),
// exactly by scripts/check-layers.mjs, whose table is the reference.
import vue from 'eslint-plugin-vue'
import { defineConfig } from 'eslint/config'
import ts from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/*.long.ts', '**/*.bench.ts', '**/*.docs.ts', '**/testing/**/*.ts', 'e2e/**/*.ts']

const electron = { regex: '^electron$', message: 'Only main/app, main/host, main/engine/engine-host and preload may import electron.' }
const nodeBuiltins = { regex: '^node:|^(fs|path|os|child_process|crypto|worker_threads|zlib)(/|$)', message: 'Node is not available here; only main and scripts may import it.' }
const windowPackages = { regex: '^(vue|pinia|dockview-vue|lucide-vue-next|tinykeys)$', message: 'Window code belongs in renderer.' }

/** @param {string[]} folders @param {string} why */
const ourFolders = (folders, why) => ({ regex: `^(\\.\\./)+(${folders.join('|')})/`, message: why })

/** What the engine tells of the simulated process; the process itself stays in the engine. */
const processTypes = { ...ourFolders(['shared/sim/(win32|console|workspace|lessons)'], 'The window may import types of the simulated process only.'), allowTypeImports: true }

const importRules = [
  { files: ['shared/**/*.ts'], patterns: [electron, nodeBuiltins, windowPackages, ourFolders(['main', 'preload', 'renderer'], 'shared knows nothing of its users.')] },
  { files: ['main/**/*.ts'], patterns: [windowPackages, ourFolders(['renderer', 'preload'], 'main may import shared only.')] },
  {
    files: ['main/cli/**/*.ts', 'main/files/**/*.ts', 'main/settings/**/*.ts', 'main/recovery/**/*.ts', 'main/live/**/*.ts', 'main/engine/engine-process.ts', 'main/engine/documents.ts'],
    patterns: [electron, windowPackages, ourFolders(['renderer', 'preload'], 'main may import shared only.')],
  },
  { files: ['preload/**/*.ts'], patterns: [nodeBuiltins, windowPackages, ourFolders(['main', 'renderer'], 'preload may import electron and shared/ipc only.')] },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    patterns: [electron, nodeBuiltins, ourFolders(['main', 'preload'], 'The window talks to main and the engine through renderer/client.'), ourFolders(['shared/(importers|file|heapwalk|report|jobs|sim/(vm|heaps|replay|workload))'], 'The window may import shared/base, model, analysis, ipc and sim/profiles only.'), processTypes],
  },
]

const importConfigs = importRules.map(({ files, patterns }) => ({ files, ignores: tests, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] } }))

const namedExportsOnly = { selector: 'ExportDefaultDeclaration', message: 'Use a named export.' }

export default defineConfig(
  { ignores: ['out/', 'dist/', 'node_modules/'] },

  {
    files: ['**/*.ts', '**/*.vue', '**/*.mjs', '**/*.cjs', '*.js'],
    extends: [ts.configs.recommended],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', namedExportsOnly],
    },
  },

  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      // Layout of the markup is left to the author's eye.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/attributes-order': 'off',
    },
  },

  ...importConfigs,

  // Tables of facts have one line per fact, and tests one per case.
  { files: [...tests, 'shared/sim/profiles/**/*.ts', 'shared/heapwalk/layouts/**/*.ts'], rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' } },
  // Tools that demand a default export, and type declarations of components.
  { files: ['*.config.ts', '*.config.js', '**/*.config.ts', '**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  // A Pinia store is one function that holds the whole store: the limit for files is the one that counts.
  { files: ['renderer/stores/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
)
