/** Notes what was opened, so that it is closed with the rest. */
export type Keep = <Opened extends AsyncDisposable>(opened: Opened) => Opened;

/**
 * Opens several things of which all are needed; nothing stays open when one of them fails.
 *
 * @returns What `open` gives, and `close`, which closes all that it kept.
 */
export async function openTogether<Parts extends object>(
  open: (keep: Keep) => Promise<Parts>,
): Promise<Parts & { close(): Promise<void> }> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((one) => one[Symbol.asyncDispose]()));
  };
  try {
    const parts = await open((one) => {
      opened.push(one);
      return one;
    });
    return { ...parts, close };
  } catch (error) {
    await close();
    throw error;
  }
}
