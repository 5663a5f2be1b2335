import * as ort from 'onnxruntime-node';

/** A provider that the installed ONNX Runtime binary was built with. */
export interface Backend {
  readonly name: string;
  /** False when its libraries are installed separately. */
  readonly bundled: boolean;
}

/** What the installed binary says of itself; loads it. */
export function runtimeBackends(): readonly Backend[] {
  return ort.listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }));
}
