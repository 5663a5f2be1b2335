import type { GraphBuilder, Value } from '../../onnx/graph-builder.js';

/**
 * CIE L*a*b* (1976) and sRGB, white point D65, inside graphs.
 *
 * @see CIE 15; IEC 61966-2-1
 */
const EPSILON = 6 / 29;
/** XYZ of the white point over its Y. */
const WHITE = [0.95047, 1, 1.08883];
/** XYZ to linear sRGB, row by row. */
const TO_LINEAR = [
  [3.2404542, -1.5371385, -0.4985314],
  [-0.969266, 1.8760108, 0.041556],
  [0.0556434, -0.2040259, 1.0572252],
];
/** R'G'B' of 0–1 to Cb and Cr of BT.601 as full-range 8-bit codes off neutral, row by row. */
const TO_CBCR = [
  [(-0.299 / 1.772) * 255, (-0.587 / 1.772) * 255, 127.5],
  [127.5, (-0.587 / 1.402) * 255, (-0.114 / 1.402) * 255],
];

/** Lightness of a grey: R' = G' = B' of 0–1 → L* of 0–100, of the same shape. */
export function lightness(graph: GraphBuilder, grey: Value): Value {
  const linear = piecewise(graph, grey, 0.04045, {
    below: times(graph, grey, 1 / 12.92),
    above: power(graph, times(graph, plus(graph, grey, 0.055), 1 / 1.055), 2.4),
  });
  const root = piecewise(graph, linear, EPSILON ** 3, {
    below: plus(graph, times(graph, linear, 1 / (3 * EPSILON ** 2)), 4 / 29),
    above: power(graph, linear, 1 / 3),
  });
  return plus(graph, times(graph, root, 116), -16);
}

/**
 * L* of 0–100 and a*, b* → R'G'B' of 0–1, clipped to what sRGB has.
 *
 * @param light float32 `[N, 1, h, w]`
 * @param ab float32 `[N, 2, h, w]`
 */
export function labToRgb(graph: GraphBuilder, light: Value, ab: Value): Value {
  const y = times(graph, plus(graph, light, 16), 1 / 116);
  const x = graph.node('Add', [y, times(graph, graph.slice(ab, 1, 0, 1), 1 / 500)]);
  const z = graph.node('Sub', [y, times(graph, graph.slice(ab, 1, 1, 2), 1 / 200)]);
  const roots = graph.node('Concat', [x, y, z], { axis: 1 });
  const relative = piecewise(graph, roots, EPSILON, {
    below: times(graph, plus(graph, roots, -4 / 29), 3 * EPSILON ** 2),
    above: graph.node('Mul', [graph.node('Mul', [roots, roots]), roots]),
  });
  const weights = TO_LINEAR.flatMap((row) => row.map((weight, i) => weight * (WHITE[i] as number)));
  const linear = clip01(graph, graph.node('Conv', [relative, graph.floats([3, 3, 1, 1], weights)]));
  return piecewise(graph, linear, 0.0031308, {
    below: times(graph, linear, 12.92),
    above: plus(graph, times(graph, power(graph, linear, 1 / 2.4), 1.055), -0.055),
  });
}

/** R'G'B' of 0–1, `[N, 3, h, w]` → Cb, Cr `[N, 2, h, w]`: full-range BT.601, 8-bit codes off neutral. */
export function rgbToCbCr(graph: GraphBuilder, rgb: Value): Value {
  return graph.node('Conv', [rgb, graph.floats([2, 3, 1, 1], TO_CBCR.flat())]);
}

function piecewise(
  graph: GraphBuilder,
  value: Value,
  edge: number,
  { below, above }: { readonly below: Value; readonly above: Value },
): Value {
  return graph.node('Where', [graph.node('LessOrEqual', [value, graph.scalar(edge)]), below, above]);
}

function clip01(graph: GraphBuilder, value: Value): Value {
  return graph.node('Clip', [value, graph.scalar(0), graph.scalar(1)]);
}

function plus(graph: GraphBuilder, value: Value, summand: number): Value {
  return graph.node('Add', [value, graph.scalar(summand)]);
}

function times(graph: GraphBuilder, value: Value, factor: number): Value {
  return graph.node('Mul', [value, graph.scalar(factor)]);
}

function power(graph: GraphBuilder, value: Value, exponent: number): Value {
  return graph.node('Pow', [value, graph.scalar(exponent)]);
}
