/**
 * The addresses that are tried for a file, in order.
 *
 * Without a mirror: its own, then those that the catalog names besides. With one, only addresses below it:
 * `https://HOST/PATH?QUERY` becomes `MIRROR/HOST/PATH?QUERY`, where `HOST` has its port if the address names one.
 *
 * @param mirror Base address without a slash at the end.
 */
export function addressesOf(
  file: { readonly url: string; readonly mirrors?: readonly string[] | undefined },
  mirror: string | undefined,
): readonly string[] {
  const own = [file.url, ...(file.mirrors ?? [])];
  if (mirror === undefined) return own;
  return [...new Set(own.map((url) => mirrored(url, mirror)))];
}

function mirrored(address: string, mirror: string): string {
  const { host, pathname, search } = new URL(address);
  return `${mirror}/${host}${pathname}${search}`;
}
