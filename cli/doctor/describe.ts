import { milliseconds } from '../../models/providers/choose-provider.js';
import type { HardwareEncoderState } from '../../streams/libav/hardware-encoders.js';
import { formatBytes } from '../time-code.js';
import type { DoctorReport, FolderReport, ProviderReport } from './report.js';

const GOOD = '✓';
const BAD = '✗';
const NONE = '–';
const LITTLE_SPACE = 5e9;

/** The report as a person reads it: sections, a mark before each line, and below a line what can be done. */
export function describeReport(report: DoctorReport): string {
  const sections = [
    ['System', systemLines(report)],
    ['Media', mediaLines(report)],
    ['Models', inferenceLines(report)],
    ['GPU', gpuLines(report)],
    ['Folders', folderLines(report)],
  ] as const;
  const verdict = report.ok
    ? [`${GOOD} everything essential works`]
    : report.problems.map((problem) => `${BAD} ${problem}`);
  return [
    ...sections.map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n')),
    verdict.join('\n'),
  ].join('\n\n');
}

function systemLines({ system }: DoctorReport): string[] {
  const { cpu, memory, os } = system;
  const features = cpu.features === null ? '' : `, ${cpu.features.join(' ') || 'no vector units'}`;
  return [
    `${GOOD} Vitascope ${system.vitascope}, Node ${system.node}, npm ${system.npm ?? 'not found'}`,
    `${GOOD} ${os.platform} ${os.arch} ${os.release}`,
    `${GOOD} ${cpu.cores} × ${cpu.model}${features}`,
    `${GOOD} ${formatBytes(memory.availableBytes)} of ${formatBytes(memory.totalBytes)} memory available`,
  ];
}

function mediaLines({ media }: DoctorReport): string[] {
  const { ffmpeg, external } = media;
  return [
    ...(ffmpeg.works
      ? [
          `${GOOD} FFmpeg ${ffmpeg.version} in process, ${ffmpeg.licence}: ${ffmpeg.decoders} decoders, ${ffmpeg.videoEncoders.length} video and ${ffmpeg.audioEncoders.length} audio encoders`,
        ]
      : [`${BAD} FFmpeg in process: ${ffmpeg.reason}`, advise('npm rebuild node-av, or npm ci')]),
    ...(ffmpeg.works ? encoderLines(media.hardwareEncoders) : []),
    ...(external.works
      ? [`${GOOD} ${external.path} ${external.version} for --engine external`]
      : [
          `${NONE} no ${external.path} for --engine external: ${external.reason}`,
          advise('needed for that option only: install FFmpeg, or set FFMPEG_PATH'),
        ]),
  ];
}

/** One line for those that work, and one for each reason why others do not. */
function encoderLines(encoders: readonly HardwareEncoderState[]): string[] {
  if (encoders.length === 0) return [`${NONE} hardware encoders: this FFmpeg has none`];
  const working = encoders.filter(({ works }) => works).map(({ encoder }) => encoder);
  const failing = new Set(encoders.filter(({ works }) => !works).map(familyAndReason));
  return [
    ...(working.length === 0 ? [] : [`${GOOD} hardware encoders: ${working.join(', ')}`]),
    ...[...failing].map((line) => `${NONE} ${line}`),
  ];
}

function familyAndReason({ encoder, reason }: HardwareEncoderState): string {
  return `hardware encoders …_${encoder.slice(encoder.lastIndexOf('_') + 1)}: ${reason}`;
}

function inferenceLines({ inference }: DoctorReport): string[] {
  const { providers, auto, workers, intraOpThreads, model, runtime } = inference;
  const works = providers.some((provider) => provider.provider === 'cpu' && provider.works);
  return [
    `${works ? GOOD : BAD} ONNX Runtime ${runtime || 'is not installed'}; --provider auto takes ${auto} for ${model}`,
    ...providers.flatMap(providerLines),
    `${GOOD} ${workers} worker${workers === 1 ? '' : 's'} × ${intraOpThreads} thread${intraOpThreads === 1 ? '' : 's'} on the CPU`,
  ];
}

function providerLines(provider: ProviderReport): string[] {
  const { title, works, refusal, advice } = provider;
  const mark = works ? GOOD : refusal?.kind === 'absent' ? NONE : BAD;
  const text = refusal?.reason ?? timing(provider);
  return [`${mark} ${title}: ${text}`, ...(works || advice === null ? [] : [advise(advice)])];
}

function timing({ ms, cpuMs, maxError, provider }: ProviderReport): string {
  if (ms === null) return 'works';
  if (provider === 'cpu' || cpuMs === null) return `works, ${milliseconds(ms)} a run`;
  return `works, ${milliseconds(ms)} a run where the CPU takes ${milliseconds(cpuMs)}; largest difference ${(100 * (maxError ?? 0)).toPrecision(2)} %`;
}

function gpuLines({ gpu }: DoctorReport): string[] {
  return [
    gpu.devices.length === 0 ? `${NONE} no GPU device files` : `${GOOD} ${gpu.devices.join(', ')}`,
    ...(gpu.nvidia ?? []).map((line) => `${GOOD} NVIDIA: ${line}`),
    ...(gpu.nvidia === null ? [`${NONE} nvidia-smi does not answer`] : []),
    gpu.vulkanDrivers.length === 0
      ? `${NONE} no Vulkan drivers`
      : `${GOOD} Vulkan drivers: ${gpu.vulkanDrivers.join(', ')}`,
  ];
}

function folderLines({ folders, modelCache }: DoctorReport): string[] {
  const { models, bytes, mirror, offline } = modelCache;
  const count = models === 1 ? '1 model file' : `${models} model files`;
  return [
    ...folders.flatMap(folderLine),
    `${GOOD} ${count} pulled, ${formatBytes(bytes)}${mirror === null ? '' : `; mirror ${mirror}`}${offline ? '; offline' : ''}`,
  ];
}

function folderLine({ purpose, path, freeBytes, writable }: FolderReport): string[] {
  const names = { work: 'this folder', temporary: 'temporary files', models: 'models' };
  const free = freeBytes === null ? 'free space unknown' : `${formatBytes(freeBytes)} free`;
  const advice = { work: 'write elsewhere', temporary: 'set TMPDIR', models: 'set VITASCOPE_MODELS' }[purpose];
  if (!writable) return [`${BAD} ${names[purpose]}: ${path} cannot be written`, advise(advice)];
  const little = freeBytes !== null && freeBytes < LITTLE_SPACE;
  return [
    `${GOOD} ${names[purpose]}: ${path}, ${free}`,
    ...(little ? [advise(`little room for films; ${advice}`)] : []),
  ];
}

function advise(text: string): string {
  return `    → ${text}`;
}
