import { outputAt } from '../picture/model-tensors.js';
import { activated, corners, type DetectorFamily, networkOutput } from './candidates.js';

const LOGITS = 'logits [1, Q, classes]';

/**
 * Queries that have learned not to overlap: logits of classes, boxes by centre and size, 0–1.
 *
 * @see Zhao et al. 2024, "DETRs Beat YOLOs on Real-time Object Detection"
 */
export const detr: DetectorFamily = {
  units: 'relative',
  choice: 'top',
  classes: ({ who, tensors }) => {
    const classes = outputAt(who, tensors, 0, LOGITS).shape[2];
    return typeof classes === 'number' ? classes : 80;
  },
  decode(graph, { who, tensors, adapter }) {
    const logits = networkOutput(graph, outputAt(who, tensors, 0, LOGITS));
    const boxes = networkOutput(graph, outputAt(who, tensors, 1, 'boxes [1, Q, 4]'));
    return {
      boxes: corners(graph, graph.slice(boxes, 1, 0, 2), graph.slice(boxes, 1, 2, 4)),
      scores: activated(graph, logits, { activation: 'sigmoid', ...adapter }),
    };
  },
};
