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
    [[], 'the command is missing: manifest'],
    [['inspect'], "unknown command 'inspect', expected manifest"],
    [['manifest'], '<folder> or <URL> is missing'],
    [['manifest', 'a', 'b'], "expected one <folder>, or only <URL>, got 'a' 'b'"],
    [['manifest', 'a', 'https://a.b/c'], "expected one <folder>, or only <URL>, got 'a' 'https://a.b/c'"],
    [['manifest', 'https://a.b/c', '--base', 'https://a.b/'], '--base is for a <folder>, not for <URL>'],
    [['manifest', 'https://a.b/c', '--include', '*'], '--include is for a <folder>, not for <URL>'],
    [
      ['manifest', 'ftp://a.b/c'],
      "<URL> must be an http or https URL without credentials and without a fragment, got 'ftp://a.b/c'",
    ],
    [
      ['manifest', 'https://'],
      "<URL> must be an http or https URL without credentials and without a fragment, got 'https://'",
    ],
    [
      ['manifest', '.', '--base', 'a.b/c'],
      "--base must be an http or https URL without credentials and without a fragment, got 'a.b/c'",
    ],
    [
      ['manifest', '.', '--base', ''],
      "--base must be an http or https URL without credentials and without a fragment, got ''",
    ],
    [
      ['manifest', '.', '--base', 'https://a.b/?c'],
      "--base must be the URL of a folder, without a query, got 'https://a.b/'",
    ],
    [['manifest', ''], '<folder> must not be empty'],
    [['manifest', '.', '--include', ''], '--include must not be empty'],
    [['manifest', '.', '--out', ''], '--out must not be empty'],
    [['manifest', '.', '--bse', 'x'], "Unknown option '--bse'"],
    [['manifest', '.', '--out'], "Option '--out <value>' argument missing"],
  ])('%j are refused', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });

  it('are refused without repeating their secrets', () => {
    expect(() => readArguments(['manifest', 'https://me:pw@a.b/c?d=e#f'])).toThrow(
      /, got 'https:\/\/a\.b\/c'$/,
    );
  });
});
