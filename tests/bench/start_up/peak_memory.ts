/** Runs the program of the argument, then says how much memory the process has had at most, in KiB. */
const [program] = Deno.args as [string];
await import(program);
const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
Deno.stderr.writeSync(new TextEncoder().encode(`peak ${peak}\n`));
