import { CodecContext } from 'node-av/lib';

let names: ReadonlySet<string> | undefined;

/** Options that FFmpeg knows for every codec, e.g. `g`, `b` and `flags`; encoders have their own besides. */
export function codecOptionNames(): ReadonlySet<string> {
  if (names === undefined) {
    const context = new CodecContext();
    context.allocContext3(null);
    names = new Set(context.listOptions().map((option) => option.name ?? ''));
    context.freeContext();
  }
  return names;
}
