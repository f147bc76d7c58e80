import {describe, expect, it} from 'vitest';
import {CORS_HOSTS, isListed} from './corsHosts.ts';

describe('isListed', () => {
  it.each([
    ['cdn.jsdelivr.net', true],
    ['us.aws.cdn.hf.co', true],
    ['hf.co', true],
    ['evilhuggingface.co', false],
    ['huggingface.co.evil.test', false],
    ['nothf.co', false],
    ['example.org', false],
  ])('%s: %s', (host, listed) => {
    expect(isListed(CORS_HOSTS, new URL(`https://${host}/file`))).toBe(listed);
  });

  it('compares the port where one is given', () => {
    expect(isListed(['localhost:8081'], new URL('http://localhost:8081/'))).toBe(true);
    expect(isListed(['localhost:8081'], new URL('http://localhost:8082/'))).toBe(false);
  });
});
