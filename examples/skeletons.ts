// Finds people in a film, draws skeletons with trails, and prints where everybody's nose is, one line of JSON a picture.
// Run: npx tsx examples/skeletons.ts dance.mp4 dance.pose.mp4
import { coco17, drawPose, estimatePose, openFile, tapFrames, writeFile } from '../index.js';

const [input = 'dance.mp4', output = 'dance.pose.mp4', model = 'pose-small'] = process.argv.slice(2);

const film = await openFile(input);
const video = film.video.pipe(
  // The network looks at every second picture; in between people move on as they moved.
  estimatePose({ model, every: 2 }),
  tapFrames(({ frame, meta }) => {
    const noses = meta.poses.map(({ id, keypoints }) => ({ id, nose: keypoints[coco17.indexOf('nose')] }));
    console.log(JSON.stringify({ ptsUs: frame.ptsUs, noses }));
  }),
  drawPose({ style: 'trails' }),
);
await writeFile(output, { ...film, video });
