import {describe, expect, it} from 'vitest';
import type {Reason} from './failures.ts';
import {failureSentence, failureText} from './failureText.ts';

const URL_OF_MODEL = 'https://a.test/model.onnx';

/** All of them: the compiler finds one that is missing. */
const REASONS: Record<Reason, true> = {
  unreachable: true,
  status: true,
  'too-long': true,
  'too-short': true,
  'wrong-digest': true,
  'integrity-failed': true,
  opaque: true,
  unreadable: true,
  'cannot-digest': true,
  'body-incomplete': true,
  'quota-exceeded': true,
  'storage-failed': true,
  'release-evicted': true,
  'not-current': true,
  'kept-as-file': true,
  'redirected-code': true,
  'turned-off': true,
  'no-store': true,
  private: true,
  'over-budget': true,
  'signed-out': true,
  refused: true,
  html: true,
  'wrong-type': true,
  empty: true,
  redirected: true,
  endless: true,
  method: true,
  'no-room': true,
};

it.each(Object.keys(REASONS) as Reason[])('says why and what to do: %s', (reason) => {
  const sentence = failureSentence(URL_OF_MODEL, {reason});
  expect(sentence).toMatch(/^'https:\/\/a\.test\/model\.onnx' was not stored: .+\. [A-Z].+\.$/);
  expect(sentence).toContain(failureText({reason}));
});

describe('failureSentence', () => {
  it('names the status of the answer only where that is the reason', () => {
    expect(failureSentence(URL_OF_MODEL, {reason: 'status', status: 404})).toContain('answered with 404.');
    expect(failureSentence(URL_OF_MODEL, {reason: 'html', status: 200})).not.toContain('200');
  });

  it('says of a part of a file that it is one', () => {
    expect(failureSentence(URL_OF_MODEL, {reason: 'status', status: 206})).toContain(
      'its host answered with a part of it (206). Request it without Range',
    );
  });

  it('shows no secret', () => {
    expect(failureSentence(`${URL_OF_MODEL}?token=secret`, {reason: 'html'})).not.toContain('secret');
  });
});
