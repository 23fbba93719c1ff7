/** A peripheral: registers of 32 bits that can do something when they are read or written. */
export interface Device {
  readonly name: string;
  readonly base: number;
  readonly size: number;
  /** `offset` is a multiple of four; `cycles` is the time. */
  readonly read: (offset: number, cycles: number) => number;
  readonly write: (offset: number, value: number, cycles: number) => void;
}

/** A peripheral that only remembers; `readBack` says how reading differs from what was written. */
export function registerFile(
  ...[name, base, size, readBack = {}]: [
    name: string,
    base: number,
    size: number,
    readBack?: Readonly<Record<number, (value: number) => number>>,
  ]
): Device {
  const values = new Map<number, number>();
  const read = (offset: number): number => {
    const value = values.get(offset) ?? 0;
    return readBack[offset]?.(value) ?? value;
  };
  return { name, base, size, read, write: (offset, value) => void values.set(offset, value) };
}

const control = { enable: 1, fullRate: 4, reload: 8 } as const;

/** The SysTick counter: CTLR, SR, CNT and CMP at 0, 4, 8 and 16. It counts core cycles, or one in eight. */
export function sysTick(base = 0xe000f000): Device {
  const registers = new Map<number, number>([
    [0, 0],
    [16, 0],
  ]);
  let [origin, counted, flag] = [0, 0, false];
  const count = (cycles: number): number => {
    const [mode, compare] = [registers.get(0)!, registers.get(16)!];
    if (!(mode & control.enable)) return counted;
    const value = counted + Math.floor((cycles - origin) / (mode & control.fullRate ? 1 : 8));
    flag ||= compare > 0 && value >= compare;
    return mode & control.reload ? value % (compare + 1) : value % 2 ** 32;
  };
  return {
    ...{ name: "SysTick", base, size: 20 },
    read: (offset, cycles) => {
      const value = count(cycles);
      return offset === 8 ? value : offset === 4 ? Number(flag) : (registers.get(offset) ?? 0);
    },
    write: (offset, value, cycles) => {
      const now = count(cycles);
      [origin, counted] = [cycles, offset === 8 ? value >>> 0 : now];
      if (offset === 4) flag = (value & 1) !== 0;
      else registers.set(offset, value >>> 0);
    },
  };
}

/** A USART whose transmitter is always ready: firmware prints by writing bytes to its data register at offset 4. */
export function serialPort(transmit: (byte: number) => void, base = 0x40013800): Device {
  const transmitterReady = 0xc0;
  const rest = registerFile("USART1", base, 0x400, { 0: () => transmitterReady });
  return { ...rest, write: (offset, value, cycles) => (offset === 4 ? transmit(value & 0xff) : rest.write(offset, value, cycles)) };
}

/**
 * What firmware for a CH32V00x meets: counter, serial port, a clock tree whose oscillators are ready as soon as they
 * are switched on, and for the rest registers that remember.
 */
export function ch32v00x(transmit: (byte: number) => void): readonly Device[] {
  const ready = (value: number): number => value | ((value & 0x01010001) << 1);
  const clockSwitch = (value: number): number => (value & ~0xc) | ((value & 3) << 2);
  return [
    sysTick(),
    serialPort(transmit),
    registerFile("RCC", 0x40021000, 0x400, { 0: ready, 4: clockSwitch }),
    registerFile("APB1", 0x40000000, 0x10000),
    registerFile("AFIO, GPIO, ADC, timers", 0x40010000, 0x3800),
    registerFile("DMA", 0x40020000, 0x400),
    registerFile("FLASH", 0x40022000, 0x400),
    registerFile("EXTEN", 0x40023800, 0x400),
    registerFile("PFIC", 0xe000e000, 0x1000),
  ];
}
