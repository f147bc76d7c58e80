import {beforeEach, expect, it} from 'vitest';
import {Speedometer} from './Speedometer.ts';

let now: number;
let speedometer: Speedometer;

beforeEach(() => {
  now = 1_000_000;
  speedometer = new Speedometer(() => now);
});

/** So many bytes have arrived by then. */
const count = (atMs: number, bytes: number): void => {
  now = 1_000_000 + atMs;
  speedometer.count(bytes);
};

it('is 0 before there are two counts at two times', () => {
  expect(speedometer.bytesPerSecond).toBe(0);
  count(0, 500);
  expect(speedometer.bytesPerSecond).toBe(0);
  count(0, 700);
  expect(speedometer.bytesPerSecond).toBe(0);
});

it('is the number of bytes in a second', () => {
  count(0, 0);
  count(500, 1000);
  expect(speedometer.bytesPerSecond).toBe(2000);
  count(2000, 3000);
  expect(speedometer.bytesPerSecond).toBe(1500);
});

it('leaves out bytes of an earlier attempt', () => {
  count(0, 1_000_000);
  count(1000, 1_000_100);
  expect(speedometer.bytesPerSecond).toBe(100);
});

it('leaves out what is older than the last seconds', () => {
  count(0, 0);
  count(1000, 1_000_000);
  for (let second = 2; second <= 7; second += 1) {
    count(second * 1000, 1_000_000 + second);
  }
  expect(speedometer.bytesPerSecond).toBe(1);
});

it('falls to 0 while nothing arrives', () => {
  count(0, 0);
  count(1000, 4000);
  expect(speedometer.bytesPerSecond).toBe(4000);
  count(2000, 4000);
  expect(speedometer.bytesPerSecond).toBe(2000);
  count(10_000, 4000);
  expect(speedometer.bytesPerSecond).toBe(0);
});

it('falls without further counts', () => {
  count(0, 0);
  count(1000, 4000);
  now += 3000;
  expect(speedometer.bytesPerSecond).toBe(1000);
});

it('is a whole number', () => {
  count(0, 0);
  count(3000, 100);
  expect(speedometer.bytesPerSecond).toBe(33);
});
