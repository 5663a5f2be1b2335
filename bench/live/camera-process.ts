/** A camera in a process of its own: see {@link Camera}. */
import { Camera, type CameraOrder, type CameraReport, type CameraSettings } from './camera.js';
import { inWorker } from './worker.js';

inWorker<CameraSettings, CameraReport, CameraOrder>(async (side) => {
  const camera = await Camera.open(side.settings);
  side.onOrder = (order) => camera.obey(order);
  setInterval(() => side.send(camera.report()), 500);
  await camera.run();
});
