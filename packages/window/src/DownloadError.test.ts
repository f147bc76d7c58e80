import {expect, it} from 'vitest';
import {DownloadError} from './DownloadError.ts';
import {HoldfastError} from './HoldfastError.ts';

const name = 'https://models.example.com/en-us/v2/model.onnx';

it('names the file and the reason', () => {
  const error = new DownloadError(name, {reason: 'quota-exceeded'});
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({code: 'download-failed', reason: 'quota-exceeded', status: undefined});
  expect(error.message).toBe(`${name} was not stored: the browser has no room for it.`);
});

it('says the status of an answer', () => {
  const error = new DownloadError(name, {reason: 'status', status: 404});
  expect(error.status).toBe(404);
  expect(error.message).toBe(`${name} was not stored: its host answered with 404.`);
});

it('says what the worker may lack', () => {
  const {message} = new DownloadError(name, {reason: 'not-routed'});
  expect(message).toBe(`${name} was not stored: no ResumableCacheFirst of the worker has answered for it.`);
});
