import {isOfRace} from './isOfRace.ts';

/** Deletes what the race has stored, and unregisters its workers. */
export const dropRace = async (): Promise<void> => {
  const names = (await caches.keys()).filter(isOfRace);
  await Promise.all(names.map((name) => caches.delete(name)));
  const registrations = await navigator.serviceWorker.getRegistrations();
  const own = registrations.filter(({scope}) => isOfRace(scope));
  await Promise.all(own.map((registration) => registration.unregister()));
};
