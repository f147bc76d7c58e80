import {DatabaseSync} from 'node:sqlite';
import type {LinePlan} from './plan.ts';
import {seededBytes} from './seededBytes.ts';

const BEGINNINGS = [
  'Ash',
  'Birk',
  'Clay',
  'Dorn',
  'Elm',
  'Fair',
  'Glen',
  'Harts',
  'Iven',
  'Kings',
  'Lin',
  'Mill',
  'North',
  'Oak',
  'Pem',
  'Rock',
];
const ENDINGS = [
  'bach',
  'borough',
  'bridge',
  'burg',
  'by',
  'dale',
  'field',
  'ford',
  'ham',
  'heim',
  'ley',
  'mouth',
  'stead',
  'ton',
  'wick',
  'worth',
];
const KINDS = ['locality', 'neighbourhood', 'county', 'region'];

/** Random bytes for each place. */
const RANDOM_BYTES = 16;

const SCHEMA = `
  CREATE TABLE places (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    line TEXT NOT NULL,
    since TEXT NOT NULL,
    latitude REAL NOT NULL,
    longitude REAL NOT NULL,
    population INTEGER NOT NULL
  );
  CREATE INDEX places_by_name ON places (name);
`;

const pick = (words: readonly string[], byte: number): string => words[byte % words.length] ?? '';

/** Writes a real SQLite database of invented places to `path`. The same plan and version give the same bytes. */
export const makePlaces = (path: string, {name: line, places}: LinePlan, version: string): void => {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  const insert = database.prepare('INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const random = seededBytes(`${line} ${version} places`, places * RANDOM_BYTES);
  database.exec('BEGIN');
  for (let index = 0; index < places; index += 1) {
    const at = index * RANDOM_BYTES;
    const byte = (offset: number): number => random.readUInt8(at + offset);
    insert.run(
      index + 1,
      `${pick(BEGINNINGS, byte(0))}${pick(ENDINGS, byte(1))} ${random.readUInt16LE(at + 2)}`,
      pick(KINDS, byte(4)),
      line,
      version,
      (random.readUInt32LE(at + 5) / 2 ** 32) * 180 - 90,
      (random.readUInt32LE(at + 9) / 2 ** 32) * 360 - 180,
      random.readUInt16LE(at + 13),
    );
  }
  database.exec('COMMIT');
  database.prepare('VACUUM INTO ?').run(path);
  database.close();
};
