import {describe, expect, it} from 'vitest';
import {readArguments, UsageError} from './readArguments.ts';

describe('the arguments', () => {
  it.each([
    [['manifest', 'a'], {folder: 'a', base: undefined, include: [], out: undefined}],
    [
      ['manifest', '--out', 'm.json', '--include', '*', 'a', '--base=https://a.b/c', '--include', '?'],
      {folder: 'a', base: 'https://a.b/c/', include: ['*', '?'], out: 'm.json'},
    ],
    [['manifest', '--', '--a'], {folder: '--a', base: undefined, include: [], out: undefined}],
    [
      ['manifest', 'https://A.b/c?d', 'http://localhost:1/', '--out', 'm.json'],
      {urls: ['https://a.b/c?d', 'http://localhost:1/'], out: 'm.json'},
    ],
    [['--help'], 'help'],
    [['manifest', 'a', 'b', '-h'], 'help'],
  ])('%j mean %o', (args, request) => {
    expect(readArguments(args)).toEqual(request);
  });

  it.each([
    [[], 'which command? There is: manifest'],
    [['inspect'], 'there is no command inspect'],
    [['manifest'], 'which folder, or which URLs?'],
    [['manifest', 'a', 'b'], 'one folder at a time, or URLs only'],
    [['manifest', 'a', 'https://a.b/c'], 'one folder at a time, or URLs only'],
    [['manifest', 'https://a.b/c', '--base', 'https://a.b/'], '--base and --include are for a folder'],
    [['manifest', 'https://a.b/c', '--include', '*'], '--base and --include are for a folder'],
    [
      ['manifest', 'ftp://a.b/c'],
      'not a URL with https or http, no credentials and no fragment: ftp://a.b/c',
    ],
    [['manifest', 'https://'], 'not a URL with https or http, no credentials and no fragment: https://'],
    [
      ['manifest', '.', '--base', 'a.b/c'],
      'not a URL with https or http, no credentials and no fragment: a.b/c/',
    ],
    [['manifest', '.', '--base', ''], 'not a URL with https or http, no credentials and no fragment: /'],
    [['manifest', '.', '--base', 'https://a.b/?c'], '--base is the URL of a folder, so without a query'],
    [['manifest', '.', '--bse', 'x'], "Unknown option '--bse'"],
    [['manifest', '.', '--out'], "Option '--out <value>' argument missing"],
  ])('%j are refused', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });

  it('are refused without their secrets', () => {
    expect(() => readArguments(['manifest', 'https://me:pw@a.b/c?d=e#f'])).toThrow(
      /fragment: https:\/\/a\.b\/c$/,
    );
  });
});
