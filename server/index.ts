export { type LoadedServerConfig, loadServerConfig, parseServerConfig } from '../config/server/config-file.js';
export { defaultServerConfig, type ServerConfig } from '../config/server/server-config.js';
export type {
  SourceRequest,
  StreamEvent,
  StreamOutputView,
  StreamRegistry,
  StreamView,
} from './http/stream-registry.js';
export { createLog, type Logger } from './log.js';
export { MediaServer, type MediaServerOptions, type MediaServerPorts } from './media-server.js';
export type { StreamFigure } from './stream-figure.js';
