/** Records three seconds to the path it is given, says so when they are written, and waits to be killed. */
import { FileOutput } from '../../../../streams/live/outputs/file-output.js';
import { encodeLive } from './live-packets.js';

const { tracks, packets } = await encodeLive(75, { segmentMs: 1000 });
const output = new FileOutput({ path: process.argv[2] as string });
await output.open(tracks.map(({ track }) => track));
for (const packet of packets[0] ?? []) output.write(packet);
const bytes = packets[0]?.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
const wait = (): void => {
  if (output.metrics().bytesOut < bytes) setImmediate(wait);
  else process.send?.('written');
};
setInterval(() => undefined, 1000);
wait();
