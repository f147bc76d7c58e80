import {expect, it} from 'vitest';
import {HoldfastError} from './HoldfastError.ts';
import {StageError} from './StageError.ts';

const situation = {release: "'v2' of 'models' (en-us)", version: 'v2', current: 'v1'};
const key = 'https://models.example.com/en-us/v2/model.onnx';

it('names the file, the reason and the current release, which is untouched', () => {
  const failures = [{key, reason: 'body-incomplete'}] as const;
  const error = new StageError(failures, situation);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error.code).toBe('stage-failed');
  expect(error.failures).toEqual(failures);
  expect(error.message).toBe(
    `'v2' of 'models' (en-us) is not complete. ${key}: the connection broke before its last byte. ` +
      `The current release, 'v1', is untouched.`,
  );
});

it('names the status of an answer, and how many more files failed', () => {
  const failure = {key, reason: 'status', status: 404} as const;
  const {message} = new StageError([failure, failure, failure], situation);
  expect(message).toContain('its host answered with 404. 2 more failed.');
});

it('does not call the current release untouched where it is the one that failed', () => {
  const {message} = new StageError([{key, reason: 'unreachable'}], {...situation, current: 'v2'});
  expect(message).toContain('It is the current release: its missing files come from the network.');
  expect(message).not.toContain('untouched');
});

it('does not mention a current release where there is none', () => {
  const {message} = new StageError([{key, reason: 'unreachable'}], {...situation, current: null});
  expect(message).not.toContain('current');
});
