/** A joint of a BVH file; end sites have no channels. */
export interface BvhJoint {
  readonly name: string;
  offset: readonly number[];
  channels: readonly string[];
  readonly children: BvhJoint[];
}

/** Reads a BVH file by its grammar, knowing nothing of who wrote it. */
export function readBvh(text: string): { root: BvhJoint; frames: number; frameTime: number; rows: number[][] } {
  const lines = text.split('\n').map((line) => line.trim());
  let at = 0;
  const take = (expected?: RegExp): string => {
    const line = lines[at++] ?? '';
    if (expected !== undefined && !expected.test(line)) throw new Error(`line ${at}: ${line} is not ${expected}`);
    return line;
  };
  const joint = (name: string): BvhJoint => {
    const result: BvhJoint = { name, offset: [], channels: [], children: [] };
    take(/^\{$/);
    for (let line = take(); line !== '}'; line = take()) {
      const [word, ...rest] = line.split(/\s+/);
      if (word === 'OFFSET') result.offset = rest.map(Number);
      else if (word === 'CHANNELS') {
        result.channels = rest.slice(1);
        if (Number(rest[0]) !== result.channels.length) throw new Error(`line ${at}: ${line}`);
      } else if (word === 'JOINT' || word === 'End') result.children.push(joint(rest.join(' ')));
      else throw new Error(`line ${at}: ${line}`);
    }
    return result;
  };
  take(/^HIERARCHY$/);
  const root = joint(take(/^ROOT /).slice(5));
  take(/^MOTION$/);
  const frames = Number(take(/^Frames: \d+$/).split(' ')[1]);
  const frameTime = Number(take(/^Frame Time: [\d.]+$/).split(' ')[2]);
  const rows = lines.slice(at, at + frames).map((line) => line.split(' ').map(Number));
  return { root, frames, frameTime, rows };
}

/** Where each joint is in a row of motion; an end is named after its joint, with `End`. */
export function poseOf(root: BvhJoint, row: readonly number[]): Map<string, readonly [x: number, y: number]> {
  const places = new Map<string, readonly [number, number]>();
  let next = 0;
  const visit = (joint: BvhJoint, x: number, y: number, turn: number, name: string): void => {
    let [px, py, angle] = [joint.offset[0] ?? Number.NaN, joint.offset[1] ?? Number.NaN, 0];
    for (const channel of joint.channels) {
      const value = row[next++] ?? Number.NaN;
      if (channel === 'Xposition') px += value;
      else if (channel === 'Yposition') py += value;
      else if (channel === 'Zrotation') angle += value;
    }
    const [here, there] = [
      x + px * Math.cos(turn) - py * Math.sin(turn),
      y + px * Math.sin(turn) + py * Math.cos(turn),
    ];
    places.set(name, [here, there]);
    const turned = turn + (angle * Math.PI) / 180;
    for (const child of joint.children) {
      visit(child, here, there, turned, child.name === 'Site' ? `${joint.name}End` : child.name);
    }
  };
  visit(root, 0, 0, 0, root.name);
  if (next !== row.length) throw new Error(`${row.length} values for ${next} channels`);
  return places;
}
