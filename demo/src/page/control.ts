/**
 * Sends a control call to the demo's own server: to simulate a fault, or to return its log.
 *
 * @throws Error with a message for users.
 */
export const control = async (method: string, call: string, body?: unknown): Promise<Response> => {
  const response = await fetch(`/__control/${call}`, {
    method,
    ...(body ? {body: JSON.stringify(body)} : {}),
  }).catch((cause: unknown) => {
    throw new Error('The demo’s server cannot be reached.', {cause});
  });
  if (!response.ok) {
    throw new Error(`The demo’s server answered ${response.status}. It cannot simulate faults.`);
  }
  return response;
};
