/** What is said about storage. */
import type { Storage } from '../../../api/types';
import { bytes } from '../../../app/format';

/** The title: whether there is room. */
export function storageSentence({ disk, reserve }: Storage): string {
  if (disk == null) return 'The disk cannot be asked how much is free';
  const free = `${bytes(disk.free_bytes)} of ${bytes(disk.bytes)} are free`;
  if (!disk.takes_telemetry)
    return `Telemetry is refused until ${bytes(disk.telemetry_needs_bytes)} are free: it is ${bytes(disk.free_bytes)} now`;
  if (reserve.state === 'given_up') return `${free}, and what was held back is given up`;
  return `${free}, and telemetry is taken in`;
}

/** How much is held back, and what for. */
export function reserveSays({ reserve }: Storage): string {
  switch (reserve.state) {
    case 'held':
      return `${bytes(reserve.bytes)}, so that alerts, deployments and decisions go on when the disk is full`;
    case 'ample':
      return `nothing yet, since there is ample room; ${bytes(reserve.bytes)} before it gets scarce, so that alerts go on when the disk is full`;
    case 'given_up':
      return `nothing now: ${bytes(reserve.bytes)} were given up when a commit met a full disk, and are held back again once they fit`;
    default:
      return 'nothing: the configuration asks for none';
  }
}
