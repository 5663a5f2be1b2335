import { VitascopeError } from '../../pipeline/index.js';

/** A camera of this machine, as FFmpeg opens it. */
export interface CaptureDevice {
  readonly target: string;
  /** FFmpeg's name of the input format. */
  readonly format: string;
  readonly options: Readonly<Record<string, string>>;
}

/** What may stand after `?`, as FFmpeg's options. */
const parameters: Readonly<Record<string, { readonly option: string; readonly form: RegExp; readonly like: string }>> =
  {
    size: { option: 'video_size', form: /^\d{1,5}x\d{1,5}$/, like: '1280x720' },
    rate: { option: 'framerate', form: /^\d{1,3}(\.\d{1,3})?$/, like: '30' },
  };

/**
 * Reads an address such as `device://video0`, `device:///dev/v4l/by-id/…` (Linux), `device://0` (macOS: number or name) or `device://Integrated Camera`
 * (Windows), with `?size=1280x720&rate=30`.
 *
 * @param platform As `process.platform` says it.
 * @throws VitascopeError `OPTION_INVALID`
 */
export function captureDevice(text: string, platform: string = process.platform): CaptureDevice {
  const [, rest = '', query = ''] = /^device:(?:\/\/)?([^?]*)\??(.*)$/i.exec(text) ?? [];
  const name = decoded(rest);
  const options = optionsIn(query);
  if (name === '') throw invalid('expected the name of a device');
  switch (platform) {
    case 'linux': {
      const target = name.startsWith('/') ? name : `/dev/${name}`;
      if (!/^\/dev\/[\w.:/-]+$/.test(target) || target.includes('..')) throw invalid(`${target} is not below /dev`);
      return { target, format: 'v4l2', options };
    }
    case 'darwin':
      // The microphone, which would stand after the colon, is left alone.
      return { target: `${withoutColon(name)}:none`, format: 'avfoundation', options };
    case 'win32':
      return { target: `video=${withoutColon(name)}`, format: 'dshow', options };
    default:
      throw invalid(`there is no support for cameras on ${platform}`);
  }
}

function optionsIn(query: string): Record<string, string> {
  const options: Record<string, string> = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const parameter = parameters[key];
    if (parameter === undefined) throw invalid(`expected ${Object.keys(parameters).join(' or ')}, got "${key}"`);
    if (!parameter.form.test(value)) throw invalid(`${key}: expected something like ${parameter.like}, got "${value}"`);
    options[parameter.option] = value;
  }
  return options;
}

/** A colon would begin the name of another device. */
function withoutColon(name: string): string {
  if (name.includes(':')) throw invalid('names of devices hold no colon');
  return name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(`"${text}" is not written as a URL`);
  }
}

const invalid = (what: string): VitascopeError => new VitascopeError('OPTION_INVALID', `device://: ${what}`);
