/** Players in a process of their own: see {@link Crowd}. */
import { Crowd, type CrowdReport, type CrowdSettings } from './crowd.js';
import { inWorker } from './worker.js';

const REPORT_MS = 500;

inWorker<CrowdSettings, CrowdReport>(async ({ settings, send }) => {
  const crowd = new Crowd(settings);
  setInterval(() => send(crowd.report()), REPORT_MS);
  await crowd.run();
});
