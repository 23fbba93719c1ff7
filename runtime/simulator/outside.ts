import type { Device } from "./devices.js";
import { Trap } from "./fault.js";
import type { Outside } from "./interpreter.js";
import { type AddressSpace, offsetOf } from "./memory.js";

/** What happens at addresses that the interpreter does not serve itself: peripherals answer, all else is a trap. */
export function outsideOf(space: AddressSpace, devices: readonly Device[]): Outside {
  const deviceAt = (address: number): Device | undefined => devices.find(({ base, size }) => address >= base && address < base + size);

  function find(address: number, width: number, access: "load" | "store"): Device {
    const unaligned = (address & (width - 1)) !== 0;
    if (offsetOf(space, address) >= 0) throw new Trap(unaligned ? `misaligned-${access}` : "write-to-flash", address);
    const device = deviceAt(address >>> 0);
    if (device === undefined || unaligned) throw new Trap(device ? `misaligned-${access}` : `unmapped-${access}`, address);
    return device;
  }

  return {
    load: (address, width, signed, cycles) => {
      const device = find(address, width, "load");
      const register = device.read(registerOffset(device, address), cycles);
      const unused = 32 - 8 * width;
      const value = (register >>> (8 * (address & 3))) << unused;
      return signed ? value >> unused : value >>> unused;
    },
    store: (address, width, value, cycles) => {
      const device = find(address, width, "store");
      const offset = registerOffset(device, address);
      if (width === 4) return device.write(offset, value, cycles);
      // The bus writes whole registers; the other bytes keep what they were.
      const shift = 8 * (address & 3);
      const mask = (2 ** (8 * width) - 1) << shift;
      device.write(offset, (device.read(offset, cycles) & ~mask) | ((value << shift) & mask), cycles);
    },
  };
}

const registerOffset = (device: Device, address: number): number => ((address & ~3) >>> 0) - device.base;
