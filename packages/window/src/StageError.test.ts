import {expect, it} from 'vitest';
import {HoldfastError} from './HoldfastError.ts';
import {StageError} from './StageError.ts';

const release = {line: 'models-en-us', version: 'v2', current: 'v1'};
const key = 'https://models.example.com/en-us/v2/model.onnx';

it('names the file, the reason and the release that is left alone', () => {
  const failures = [{key, reason: 'body-incomplete'}] as const;
  const error = new StageError(failures, release);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error.code).toBe('stage-failed');
  expect(error.failures).toEqual(failures);
  expect(error.message).toBe(
    `'v2' of 'models-en-us' is not whole. ${key}: the connection broke before its last byte. ` +
      `The current release, 'v1', is untouched.`,
  );
});

it('says the status of an answer, and how many more failed', () => {
  const failure = {key, reason: 'status', status: 404} as const;
  const {message} = new StageError([failure, failure, failure], release);
  expect(message).toContain('its host answered with 404. 2 more failed.');
});

it('does not say that the current release is untouched where it is the one', () => {
  const {message} = new StageError([{key, reason: 'unreachable'}], {...release, current: 'v2'});
  expect(message).toContain('It is the current release: what it lacks comes from the network.');
  expect(message).not.toContain('untouched');
});

it('says nothing of a current release where there is none', () => {
  const {message} = new StageError([{key, reason: 'unreachable'}], {...release, current: null});
  expect(message).not.toContain('current');
});
