// What several of the programs here need.

const PATIENCE_MS = 20_000;

/** Tries `check` until it no longer throws, or throws what it threw last. */
export async function eventually(check, patience_ms = PATIENCE_MS) {
  const deadline = Date.now() + patience_ms;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
