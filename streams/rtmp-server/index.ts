export { defaultRtmpLimits, type RtmpLimits, rtmpLimits } from './limits.js';
export type { Certificate } from './listen.js';
export { RtmpServer, type RtmpServerMetrics, type RtmpServerOptions, type RtmpServerPorts } from './rtmp-server.js';
export type { RtmpServerEvent, SessionInfo, StreamCodecs } from './session-info.js';
export { authorizeByKeys, type RouteKeys, type SignedUse, sameKey, sign, verify } from './stream-keys.js';
export {
  type Authorization,
  type Authorize,
  type StreamProtocol,
  type StreamRequest,
  streamPath,
} from './stream-request.js';
