export interface Pace {
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

/** Measures a session: told after every step how many samples it had and how many steps are left. */
export function pacer(): (samples: number, stepsLeft: number) => Pace {
  const started = performance.now();
  let steps = 0;
  let total = 0;
  return (samples, stepsLeft) => {
    steps++;
    total += samples;
    const seconds = (performance.now() - started) / 1000;
    return { samplesPerSecond: total / seconds, secondsLeft: (seconds / steps) * stepsLeft };
  };
}
