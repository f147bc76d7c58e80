import {expect, it} from 'vitest';
import {DownloadError} from './DownloadError.ts';
import {HoldfastError} from './HoldfastError.ts';

const key = 'https://models.example.com/en-us/v2/model.onnx';

it('names the file and the reason', () => {
  const error = new DownloadError({key, reason: 'quota-exceeded'});
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({code: 'download-failed', reason: 'quota-exceeded', status: undefined});
  expect(error.message).toBe(`${key} was not stored: the browser has no room for it.`);
});

it('names the status of an answer', () => {
  const error = new DownloadError({key, reason: 'status', status: 404});
  expect(error.status).toBe(404);
  expect(error.message).toBe(`${key} was not stored: its host answered with 404.`);
});

it('names a refusal by a plugin', () => {
  const {message} = new DownloadError({key, reason: 'refused'});
  expect(message).toBe(`${key} was not stored: a plugin of its route refused to store it.`);
});
