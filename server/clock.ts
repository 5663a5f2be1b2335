/** Time as the server sees it; tests turn it by hand. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Calls `action` once after `ms` milliseconds, unless the function that comes back is called first. */
  after(ms: number, action: () => void): () => void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
