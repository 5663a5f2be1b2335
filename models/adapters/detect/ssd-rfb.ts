import { outputAt } from '../picture/model-tensors.js';
import { activated, type DetectorFamily, networkOutput } from './candidates.js';

const SCORES = 'scores [1, A, 1 + classes]';

/** Class scores after softmax, the first one for the background, and decoded corners, 0–1. */
export const ssdRfb: DetectorFamily = {
  units: 'relative',
  choice: 'nms',
  classes: ({ who, tensors }) => {
    const channels = outputAt(who, tensors, 0, SCORES).shape[2];
    return typeof channels === 'number' ? channels - 1 : 1;
  },
  decode(graph, { who, tensors, adapter }) {
    const scores = activated(graph, networkOutput(graph, outputAt(who, tensors, 0, SCORES)), adapter);
    return {
      boxes: networkOutput(graph, outputAt(who, tensors, 1, 'boxes [1, A, 4]')),
      scores: graph.slice(scores, 1, 1, 2 ** 31 - 1),
    };
  },
};
