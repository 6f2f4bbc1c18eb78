// A process of its own for one measurement, in Node or in Electron as Node: a fresh JIT and a fresh heap.
// Arguments: URL of a module, name of its export, arguments of that export, which gives a function to measure with.
const [moduleUrl, exportName, ...args] = process.argv.slice(2)
const measure = await (await import(moduleUrl ?? ''))[exportName ?? ''](...args)
process.on('message', async () => {
  try {
    process.send?.({ value: await measure() })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.stack : String(error) })
  }
})
process.send?.({ ready: true })
