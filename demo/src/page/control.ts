/**
 * Asks the demo's own server for something beside the files: to pretend, or to show its log.
 *
 * @throws Error in words that a user understands.
 */
export const control = async (method: string, call: string, body?: unknown): Promise<Response> => {
  const response = await fetch(`/__control/${call}`, {
    method,
    ...(body ? {body: JSON.stringify(body)} : {}),
  }).catch((cause: unknown) => {
    throw new Error('The demo’s server cannot be reached.', {cause});
  });
  if (!response.ok) {
    throw new Error(`The demo’s server answered ${response.status}: it is not one that can pretend.`);
  }
  return response;
};
