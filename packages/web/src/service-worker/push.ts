import { pages, scope } from './scope.ts';

/**
 * A push says that there is something new, and carries nothing: whoever delivers it learns no more. Whoever looks at Sotto needs no
 * notification.
 */
export async function showWakeUp(): Promise<void> {
  if ((await pages()).some(({ focused }) => focused)) return;
  const body = navigator.language.startsWith('de') ? 'Neue Nachricht in Sotto' : 'New message in Sotto';
  await scope.registration.showNotification('Sotto', { body, tag: 'sotto', icon: '/icon-192.png' });
}

/** Brings Sotto to the front, or opens it. */
export async function openFromNotification(notification: Notification): Promise<void> {
  notification.close();
  const [page] = await pages();
  await (page === undefined ? scope.clients.openWindow('/') : page.focus());
}
