/** An environment variable, or undefined where it may not be read: nobody is asked for so little. */
export function readEnv(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}
