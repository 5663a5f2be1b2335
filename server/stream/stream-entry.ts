/** The program of a stream's process: one live stream, told what to do by the server that started it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadGraph } from '../../config/load-graph.js';
import { setOptions } from '../../config/set-options.js';
import { LiveStream } from '../../jobs/live-stream.js';
import { describeWaiting } from '../../jobs/live-words.js';
import { configureDefaultInferencePool } from '../../models/default-pool.js';
import { VitascopeError } from '../../pipeline/errors.js';
import type { Graph } from '../../pipeline/graph/graph.js';
import type { LiveEvent } from '../../streams/live/live-types.js';
import { FileOutput } from '../../streams/live/outputs/file-output.js';
import type { StreamQuestion } from '../stream-protocol.js';
import { ParentOutput } from './parent-output.js';
import { recordingName } from './recording-name.js';
import type { StreamSettings } from './settings.js';
import { connectToSupervisor, giveUp, sayBye, sendUp } from './stream-child.js';

let settings: StreamSettings | undefined;
let stream: LiveStream | undefined;
let ended: Promise<void> | undefined;
/** Why there is no stream yet, for people. */
let waiting: string | undefined;
const stopped = new AbortController();

connectToSupervisor({
  start: async (given) => {
    settings = given as StreamSettings;
    // Ctrl-C on a terminal reaches this process as well: when it ends is the server's decision.
    for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
    process.on('SIGTERM', () => void drain().then(() => process.exit(0)));
    configureDefaultInferencePool({ provider: settings.provider });
    const graph = setOptions(await loadGraph(settings.graph), settings.options);
    ended = run(settings, graph);
    ended.then(() => stopped.signal.aborted || sayBye('its input has ended'), giveUp);
  },
  drain,
  metrics: () => stream?.metrics() ?? (waiting === undefined ? null : { words: [waiting] }),
  heartbeatMs: () => settings?.heartbeatMs ?? 1000,
  answer,
});

async function run(
  { input, own, trusted, stallMs, transport, tlsVerify, caFile, renditions, encoder, record }: StreamSettings,
  graph: Graph,
): Promise<void> {
  const recordings = record === null ? [] : [await recording(record)];
  try {
    stream = await LiveStream.open({
      input,
      inputOptions: {
        // A camera that is off is no reason to fall over; neither is a publisher that is away for a moment.
        wait: !own,
        rtspTransport: transport,
        tlsVerify,
        caFile: caFile ?? undefined,
        confined: !trusted,
        stallTimeoutMs: stallMs,
      },
      graph,
      renditions: renditions.map((rendition, i) => ({
        ...rendition,
        outputs: [new ParentOutput(rendition.name, sendUp), ...(i === 0 ? recordings : [])],
      })),
      ...(graph.video === 'copy'
        ? {}
        : {
            encoding: {
              videoCodec: encoder.codec,
              preset: encoder.preset ?? undefined,
              options: encoder.options,
              segmentMs: encoder.keyFrameSeconds * 1000,
            },
          }),
      onEvent: hear,
      onOutputFailure: (name, error) => log('error', `${name}: ${error.message}`),
      onMetadata: (ptsUs, meta) => sendUp({ type: 'metadata', ptsUs, meta }),
      signal: stopped.signal,
    });
    await stream.run();
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
}

function hear(event: LiveEvent): void {
  waiting = event.kind === 'waiting' ? describeWaiting(event) : undefined;
  if (waiting !== undefined) log('warn', waiting);
  if (event.kind === 'disconnected') log('warn', `the input was lost (${event.reason}), attempt ${event.attempt}`);
  if (event.kind === 'changed') log('info', `the input changed: ${event.what}`);
}

async function drain(): Promise<void> {
  const reason = new VitascopeError('ABORTED', 'the server ends the stream');
  const opened = stream;
  if (opened === undefined) stopped.abort(reason);
  else {
    await opened.stop();
    stopped.abort(reason);
  }
  await ended?.catch(() => undefined);
}

async function answer(question: StreamQuestion): Promise<unknown> {
  if (stream === undefined || settings === undefined) return undefined;
  if (question.ask === 'key-frame') return stream.requestKeyFrame();
  if (question.ask === 'snapshot') return await stream.snapshot(question.height);
  return stream.changeGraph(setOptions(await loadGraph(settings.graph), question.options));
}

async function recording({
  folder,
  container,
  splitMinutes,
}: NonNullable<StreamSettings['record']>): Promise<FileOutput> {
  // Where that fails, the recording fails for the same reason, and the stream goes on.
  await mkdir(folder, { recursive: true }).catch(() => undefined);
  const path = join(folder, `${recordingName(new Date())}.${container}`);
  return new FileOutput({
    path,
    splitSeconds: splitMinutes === 0 ? undefined : splitMinutes * 60,
    onTrouble: (error) => log('error', error.message),
  });
}

function log(level: 'info' | 'warn' | 'error', message: string): void {
  sendUp({ type: 'log', level, message });
}
