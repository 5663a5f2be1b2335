import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A person as COCO labels them. */
export interface LabelledPerson {
  /** 17 × x, y, visibility in the order of `coco17`: pixel indices, and 0 for "not labelled". */
  readonly keypoints: readonly number[];
  readonly num_keypoints: number;
  /** Square pixels. */
  readonly area: number;
  /** `[x, y, width, height]`, pixels. */
  readonly bbox: readonly [x: number, y: number, width: number, height: number];
  /** 1 for a region with people who are not labelled one by one. */
  readonly iscrowd: 0 | 1;
}

/** A picture, and the people labelled in it. */
export interface LabelledPicture {
  readonly id: number;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly people: readonly LabelledPerson[];
}

interface CocoFile {
  readonly images: readonly {
    readonly id: number;
    readonly file_name: string;
    readonly width: number;
    readonly height: number;
  }[];
  readonly annotations: readonly (LabelledPerson & { readonly image_id: number; readonly category_id: number })[];
}

/** COCO's number for people. */
const PERSON = 1;

/** The pictures of a file of COCO's form, those without people too. `folder` is where the pictures lie. */
export function readLabelledPictures(path: string, folder: string): readonly LabelledPicture[] {
  const { images, annotations } = JSON.parse(readFileSync(path, 'utf8')) as CocoFile;
  const people = annotations.filter(({ category_id }) => category_id === PERSON);
  return images.map(({ id, file_name, width, height }) => ({
    id,
    path: join(folder, file_name),
    width,
    height,
    people: people.filter(({ image_id }) => image_id === id),
  }));
}

/** The half of tiny_coco that no model of ours is trained on. `data` is the folder that holds `pose/`. */
export function readTinyCocoVal(data: string): readonly LabelledPicture[] {
  return readTinyCocoHalf(data, 'val2017');
}

/** Both halves of tiny_coco: for models that are not ours. */
export function readTinyCoco(data: string): readonly LabelledPicture[] {
  return [...readTinyCocoHalf(data, 'train2017'), ...readTinyCocoHalf(data, 'val2017')];
}

/** The labelled pictures of COCO among the test data of MMPose. `data` is the folder that holds `pose/`. */
export function readMmposeCoco(data: string): readonly LabelledPicture[] {
  const folder = join(data, 'pose/mmpose/coco');
  return readLabelledPictures(join(folder, 'test_coco.json'), folder);
}

function readTinyCocoHalf(data: string, half: 'train2017' | 'val2017'): readonly LabelledPicture[] {
  const folder = join(data, 'pose/tiny_coco/tiny_coco');
  return readLabelledPictures(join(folder, `annotations/person_keypoints_${half}.json`), join(folder, half));
}
