export { listGraphs, loadGraph } from './config/load-graph.js';
export { builtinOperators } from './config/registry.js';
export { setOptions } from './config/set-options.js';
export type { FilmExport, FilmRecordsOptions, RecordFile } from './jobs/film-records/record-plan.js';
export type { FilmSoundResult } from './jobs/film-sound/render-sound.js';
export type { WhyNoSound } from './jobs/film-sound/sound-plan.js';
export { liveCadence } from './jobs/live-cadence.js';
export { LiveMetadataFile, type LiveMetadataFileOptions } from './jobs/live-metadata-file.js';
export type { LiveOutputOfRendition, LiveRenditionMetrics, LiveStreamMetrics } from './jobs/live-metrics.js';
export type { LiveRendition, LiveStreamOptions } from './jobs/live-options.js';
export { LiveStream } from './jobs/live-stream.js';
export { type PreviewOptions, previewFilm } from './jobs/preview.js';
export { FilmJob, type ProcessFilmOptions, type ProcessFilmResult } from './jobs/process-film.js';
export { type IndexedFilmResult, type IndexFilmOptions, indexFilm } from './jobs/text-search/index-film.js';
export { type FoundText, TextIndex } from './jobs/text-search/text-index.js';
export type { AdapterPool, ModelFiles } from './models/adapters/adapter.js';
export {
  type Caption,
  type Captioner,
  type CaptionOptions,
  openCaptioner,
} from './models/adapters/caption/captioner.js';
export {
  type Classification,
  type Classifier,
  type ClassifyOptions,
  openClassifier,
} from './models/adapters/classify/open-classifier.js';
export {
  type DepthEstimator,
  type DepthMap,
  type DepthOptions,
  openDepthEstimator,
} from './models/adapters/depth/open-depth-estimator.js';
export type { Detection, DetectOptions, Detector } from './models/adapters/detect/detector.js';
export { openDetector } from './models/adapters/detect/open-detector.js';
export { cosine, type Embedder, type EmbedOptions, openEmbedder } from './models/adapters/embed/open-embedder.js';
export {
  type ImageModel,
  type ImageModelOptions,
  type ImageRunOptions,
  openImageModel,
} from './models/adapters/image/image-model.js';
export { coco17, coco17Bones } from './models/adapters/pose/coco-17.js';
export { openPoseEstimator } from './models/adapters/pose/open-pose-estimator.js';
export type { EstimateOptions, Keypoint, PersonPose, PoseEstimator } from './models/adapters/pose/pose-estimator.js';
export { type LineOrientation, openLineOrientation } from './models/adapters/text/line-orientation.js';
export { type LineReader, type LineReadOptions, openLineReader } from './models/adapters/text/line-reader.js';
export type { Point, Quad } from './models/adapters/text/quad.js';
export {
  openTextDetector,
  type TextBox,
  type TextDetectOptions,
  type TextDetector,
} from './models/adapters/text/text-detector.js';
export {
  openTranslator,
  type TranslateOptions,
  type Translation,
  type Translator,
} from './models/adapters/translate/translator.js';
export type { AdapterParameters } from './models/catalog/adapter-parameters.js';
export {
  type CatalogContract,
  type CatalogEntry,
  type CatalogFile,
  type CatalogLicence,
  type CatalogTensor,
  type DownloadSize,
  downloadSize,
} from './models/catalog/catalog-entry.js';
export { type ModelFamily, type ModelTask, modelTasks } from './models/catalog/families.js';
export { builtinCatalog, findCatalogEntry, parseCatalogEntry, readCatalog } from './models/catalog/load-catalog.js';
export {
  configureDefaultInferencePool,
  defaultInferencePool,
  disposeDefaultInferencePool,
} from './models/default-pool.js';
export { InferencePool, type InferencePoolOptions, type LoadOptions } from './models/inference-pool.js';
export type { AddModelOptions } from './models/library/add-model.js';
export type { FetchedFile, FetchFile } from './models/library/http.js';
export type { InstalledFile } from './models/library/install-record.js';
export { InstalledModel } from './models/library/installed-model.js';
export type { DownloadOptions, ModelLibraryOptions } from './models/library/library-settings.js';
export type { ModelEntry, ModelLicence, ModelState } from './models/library/model-entry.js';
export { ModelLibrary, type PullOptions } from './models/library/model-library.js';
export type { ModelListing } from './models/library/model-listing.js';
export type { PrunedFolder, PruneOptions, PruneReport } from './models/library/prune-library.js';
export type { PullPhase, PullProgress } from './models/library/pull-progress.js';
export type { FileReport, VerifyReport } from './models/library/verify-model.js';
export type { LoadedModel } from './models/loaded-model.js';
export type { ModelContract } from './models/model-contract.js';
export { embeddedModel, embeddedModelPath, type GraphStage, type ModelSource } from './models/model-source.js';
export { inspectModel, type ModelInspection, type ModelLimits } from './models/onnx/inspect-model.js';
export { type ChooseOptions, chooseProvider, type ProviderChoice } from './models/providers/choose-provider.js';
export type { ProviderName, ProviderWish, Refusal } from './models/providers/provider.js';
export type { ModelProvider } from './models/providers/provider-selector.js';
export type { SelfTest } from './models/providers/self-test.js';
export * from './models/tensor.js';
export { type ColorizeOptions, colorize } from './operators/colorize/colorize.js';
export { type DeinterlaceOptions, deinterlace } from './operators/deinterlace/deinterlace.js';
export { type FfmpegOptions, ffmpegFilter } from './operators/ffmpeg/ffmpeg-filter.js';
export type { BedCue, CutCue, ImpactCue, SoundCue, SoundsMeta } from './operators/foley/cues.js';
export { type FoleyOptions, foley } from './operators/foley/see/foley.js';
export type { ModelFinder } from './operators/library-model.js';
export type { CountPeopleOptions } from './operators/pose/analyse/count-options.js';
export { countPeople } from './operators/pose/analyse/count-people.js';
export type { PoseEventsOptions } from './operators/pose/analyse/event-options.js';
export type { CrossingDirection, LineCrossing, PeopleCount, PeopleMeta } from './operators/pose/analyse/people-meta.js';
export type { PoseEvent, PoseEventKind, PoseEventsMeta } from './operators/pose/analyse/pose-event-meta.js';
export { poseEvents } from './operators/pose/analyse/pose-events.js';
export { type DrawPoseOptions, drawPose } from './operators/pose/draw/draw-pose.js';
export { type EstimatePoseOptions, estimatePose } from './operators/pose/estimate/estimate-pose.js';
export type { PoseMeta, TrackedPose } from './operators/pose/pose-meta.js';
export { type SideBySideOptions, sideBySide } from './operators/side-by-side/side-by-side.js';
export { type StylizeOptions, stylize } from './operators/stylize/stylize.js';
export { type PaintTextOptions, paintText } from './operators/text/paint/paint-text.js';
export { type ReadTextOptions, readText } from './operators/text/read/read-text.js';
export type { SeenText, TextQuad, TextsMeta } from './operators/text/texts-meta.js';
export { type TranslateTextOptions, translateText } from './operators/text/translate/translate-text.js';
export { type UpscaleOptions, upscale } from './operators/upscale/upscale.js';
export * from './pipeline/index.js';
export type { Chapter } from './streams/containers/chapter.js';
export type { EncodingOptions } from './streams/encoding.js';
export type { MediaEngine } from './streams/engine.js';
export { externalEngine } from './streams/external/external-engine.js';
export { openFile } from './streams/file/open-file.js';
export type { OpenFileOptions } from './streams/file/open-options.js';
export { type WriteFileOptions, type WriteProgress, type WriteResult, writeFile } from './streams/file/write-file.js';
export type { Film, FilmInfo, FilmRange, ReadReport, TrackInfo, TrackKind, VideoInfo } from './streams/film.js';
export { probe } from './streams/libav/probe.js';
export { openLiveInput } from './streams/live/live-input.js';
export type { LiveInputOptions } from './streams/live/live-options.js';
export type {
  AudioTrack,
  EncodedPacket,
  EncodedTrack,
  LiveEvent,
  LiveInput,
  LiveInputMetrics,
  LiveOutput,
  LiveOutputMetrics,
  VideoTrack,
} from './streams/live/live-types.js';
export { outputFor } from './streams/live/outputs/open-output.js';
