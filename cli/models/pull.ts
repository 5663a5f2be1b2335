import type { InstalledModel } from '../../models/library/installed-model.js';
import { licenceNotAccepted, unknownModel } from '../../models/library/missing-model.js';
import type { ModelLibrary } from '../../models/library/model-library.js';
import type { ModelListing } from '../../models/library/model-listing.js';
import type { PullProgress } from '../../models/library/pull-progress.js';
import { hasCode } from '../../pipeline/index.js';
import type { ProgressStyle } from '../progress/show-progress.js';
import { exitCodes } from '../report-error.js';
import { formatBytes } from '../time-code.js';
import { licenceLines } from './describe-model.js';
import { formatSize } from './model-table.js';
import { type PullView, showPull } from './show-pull.js';

/** Flags of `vitascope models pull`. */
export interface PullFlags {
  readonly acceptLicence?: boolean;
  readonly force?: boolean;
  readonly progress: ProgressStyle;
}

/**
 * Downloads models one after another. Ids and licences are looked at before the first byte is fetched.
 *
 * @throws VitascopeError as `ModelLibrary.pull`; Ctrl-C sets the exit code and throws nothing.
 */
export async function pullModels(library: ModelLibrary, ids: readonly string[], flags: PullFlags): Promise<void> {
  const wanted = await lookUp(library, ids, flags);
  const view = showPull(flags.progress);
  const stop = stopOnSignal();
  let last: PullProgress | undefined;
  try {
    for (const listing of wanted) {
      last = undefined;
      announce(listing, flags);
      const model = await library.pull(listing.id, {
        acceptLicence: flags.acceptLicence === true,
        force: flags.force === true,
        signal: stop.signal,
        onProgress: (progress) => {
          last = progress;
          view.update(progress);
        },
      });
      view.end();
      report(model, listing, flags);
    }
  } catch (error) {
    view.end();
    if (!stop.signal.aborted || !hasCode(error, 'ABORTED')) throw error;
    sayStopped(last, ids, view, flags);
  } finally {
    stop.release();
  }
}

async function lookUp(library: ModelLibrary, ids: readonly string[], flags: PullFlags): Promise<ModelListing[]> {
  const listings = await library.list();
  return [...new Set(ids)].map((id) => {
    const listing = listings.find((model) => model.id === id);
    if (listing === undefined) throw unknownModel(id, listings);
    const { entry, state } = listing;
    const fetches = flags.force === true || state === 'available' || state === 'partial';
    if (fetches && entry.licence.commercial === 'no' && flags.acceptLicence !== true) throw licenceNotAccepted(entry);
    return listing;
  });
}

function announce({ entry, state, bytes, download }: ModelListing, flags: PullFlags): void {
  if (flags.progress === 'json' || download === undefined) return;
  if (state === 'downloaded' && flags.force !== true) return;
  const size = download.known === 'unknown' ? 'size not published' : formatSize(download);
  const begun = state === 'partial' ? `, ${formatBytes(bytes)} are here already` : '';
  const lines = [`${entry.id}: ${entry.title} (${size}${begun})`, ...licenceLines(entry).map((line) => `  ${line}`)];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function report(model: InstalledModel, before: ModelListing, flags: PullFlags): void {
  const { id, state, folder, files } = model;
  if (flags.progress === 'json') {
    process.stdout.write(`${JSON.stringify({ type: 'result', id, state, folder, files })}\n`);
    return;
  }
  const fetched = before.state === 'available' || before.state === 'partial' || flags.force === true;
  const pinned = files.filter((file) => file.pinned === true).map(({ name }) => name);
  const lines = [
    state === 'downloaded' && fetched ? `${id}: done, in ${folder}` : `${id}: nothing to do, it is ${state}`,
    ...(pinned.length > 0 && fetched
      ? [`  no digest is published for ${pinned.join(', ')}: that of this download is pinned`]
      : []),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function sayStopped(last: PullProgress | undefined, ids: readonly string[], view: PullView, flags: PullFlags): void {
  view.end();
  process.exitCode = exitCodes.stopped;
  const kept = last === undefined ? 0 : last.bytes;
  if (flags.progress === 'json') {
    process.stdout.write(`${JSON.stringify({ type: 'stopped', id: last?.id ?? ids[0], bytes: kept })}\n`);
    return;
  }
  process.stderr.write(
    `stopped; ${formatBytes(kept)} of ${last?.id ?? ids[0]} are kept, and \`vitascope models pull ${ids.join(' ')}\` goes on from there\n`,
  );
}

/**
 * The first Ctrl-C stops in good order, the second one at once. The handler stays until it is released: without one of ours, that of the
 * locks would end the process.
 */
function stopOnSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.stopped);
    controller.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
