import type { Microseconds } from '../../../pipeline/time.js';
import type { TrackedPose } from '../pose-meta.js';
import { measureBody } from './body.js';
import { BodyHistory } from './body-history.js';
import type { EventSettings } from './event-options.js';
import { EventState } from './event-state.js';
import { FallRule } from './fall-rule.js';
import { HandsUpRule } from './hands-up-rule.js';
import type { PoseEvent, PoseEventKind } from './pose-event-meta.js';
import { type PoseRule, unknown } from './pose-rule.js';
import { RunningRule } from './running-rule.js';

/** What is watched of one person. */
interface Watched {
  shownUs: Microseconds;
  readonly history: BodyHistory;
  readonly events: readonly { readonly kind: PoseEventKind; readonly rule: PoseRule; readonly state: EventState }[];
}

const rules: Readonly<Record<PoseEventKind, new (settings: EventSettings) => PoseRule>> = {
  fall: FallRule,
  'hands-up': HandsUpRule,
  running: RunningRule,
};

/** Recognises events of all people of a stream. It remembers whoever was there in the last `forgetMs`, and nobody else. */
export class PoseEventWatcher {
  readonly #settings: EventSettings;
  readonly #people = new Map<number, Watched>();
  #ptsUs = Number.NEGATIVE_INFINITY;

  constructor(settings: EventSettings) {
    this.#settings = settings;
  }

  /**
   * What begins and ends in the next frame. Who is foreseen is not judged. A frame before the last one begins another shot.
   *
   * @param pixelAspect Width of a pixel by its height.
   */
  update(ptsUs: Microseconds, pixelAspect: number, poses: readonly TrackedPose[]): readonly PoseEvent[] {
    const ended = ptsUs < this.#ptsUs ? this.#forget(() => true) : [];
    this.#ptsUs = ptsUs;
    const events = poses.flatMap((pose) => this.#see(pose, pixelAspect));
    const gone = this.#forget(({ shownUs }) => ptsUs - shownUs > this.#settings.forgetMs * 1000);
    return [...ended, ...events, ...gone];
  }

  #see(pose: TrackedPose, pixelAspect: number): readonly PoseEvent[] {
    const person = this.#people.get(pose.id) ?? this.#begin();
    this.#people.set(pose.id, person);
    person.shownUs = this.#ptsUs;
    if ((pose.ageMs ?? 0) > 0) return [];
    const { history } = person;
    const us = this.#ptsUs;
    const body = measureBody(pose, this.#settings.minScore, pixelAspect);
    if (body !== undefined) history.add(us, body);
    return person.events.flatMap(({ kind, rule, state }) => {
      const isKnown = body !== undefined && history.size >= this.#settings.minTorso;
      const judgement = isKnown ? rule.judge({ us, body, history }, state.isUnderWay) : unknown;
      const happens = state.see(us, judgement);
      return happens === undefined ? [] : [eventOf(pose.id, kind, happens, state)];
    });
  }

  #begin(): Watched {
    const { kinds, runWindowMs, releaseMs } = this.#settings;
    const events = [...new Set(kinds)].map((kind) => {
      const rule = new rules[kind](this.#settings);
      return { kind, rule, state: new EventState({ holdUs: rule.holdUs, releaseUs: releaseMs * 1000 }) };
    });
    return { shownUs: this.#ptsUs, history: new BodyHistory(runWindowMs * 1000), events };
  }

  /** Ends everything of some people. */
  #forget(isGone: (person: Watched) => boolean): readonly PoseEvent[] {
    const gone = [...this.#people].filter(([, person]) => isGone(person));
    return gone.flatMap(([id, { events }]) => {
      this.#people.delete(id);
      return events.flatMap(({ kind, state }) => (state.isActive ? [eventOf(id, kind, 'end', state)] : []));
    });
  }
}

function eventOf(
  id: number,
  kind: PoseEventKind,
  state: PoseEvent['state'],
  { sinceUs, score }: EventState,
): PoseEvent {
  return { id, kind, state, sinceUs, score };
}
