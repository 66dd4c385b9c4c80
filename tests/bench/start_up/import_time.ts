/** Says how many milliseconds the import of a module takes in a process that is started for it. */
const [module] = Deno.args as [string];
const begin = performance.now();
await import(module);
console.log(performance.now() - begin);
Deno.exit();
