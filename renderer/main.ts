import { createPinia } from 'pinia'
import { createApp, type Component } from 'vue'
import 'dockview-vue/dist/styles/dockview.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/parts.css'
import './theme/dock.css'
import './theme/print.css'
import App from './App.vue'
import { listenForEnginePort } from './client/engine-client'
import { saveFile } from './client/save-file'
import { setFileSaver } from './components/export/saving'
import { applyTheme } from './shell/theme'
import { useSettings } from './stores/settings'

// First of all: the port comes as soon as the page is loaded.
listenForEnginePort()
setFileSaver(saveFile)

const app = createApp(App as Component)
app.use(createPinia())
// Theme and layout are known before anything is drawn, so nothing jumps. Without settings the window opens all the same.
await useSettings().load().catch((error: unknown) => console.error('The settings cannot be read', error))
applyTheme()
app.mount('#app')
