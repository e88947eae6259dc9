import { createHmac } from 'node:crypto';
import AxeBuilder from '@axe-core/playwright';
import { story } from './lib/story.js';
import { password } from './lib/person.js';
function appCode(secret, ahead = 0) {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac('sha1', key).update(step).digest();
  return String((hash.readUInt32BE(hash.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
const looks = [
  { name: 'light-en', locale: 'en-GB', colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { name: 'dark-de-phone', locale: 'de-DE', colorScheme: 'dark', viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
];
for (const { name, ...look } of looks) story(`shots ${name}`, async (world) => {
  world.excuse(/./);
  const shot = async (page, what) => {
    await page.waitForFunction(() => !document.querySelector(':not(:defined)'));
    await page.screenshot({ path: `/tmp/ts_shots/${name}-${what}.png`, fullPage: true });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    for (const v of violations) console.log(name, what, v.id, v.nodes.map((n) => n.target + ' ' + n.failureSummary).join('; '));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over > 0) console.log(name, what, 'scrolls sideways by', over);
  };
  const guest = await world.visitor('Guest', look);
  const g = await guest.context.newPage();
  await g.goto('/login'); await shot(g, 'login');
  await g.goto('/signup'); await g.locator('[name=username]').fill('Guest'); await g.locator('.fieldNote-good').waitFor(); await shot(g, 'signup');
  await g.locator('[name=useremail]').fill('guest@exmaple.org'); await g.locator('[name=password]').fill(password); await g.locator('[name=password_confirm]').fill(password);
  await g.locator('.formBox [type=submit]').click(); await g.waitForURL(/verify/); await g.locator('summary').click(); await shot(g, 'verify');
  await g.goto('/forgot-password'); await shot(g, 'forgot');
  await g.locator('[name=name]').fill('x'); await g.locator('.formBox [type=submit]').click(); await g.waitForURL(/reset-password/); await shot(g, 'reset');
  const ana = await world.member('Ana', look);
  const phone = await world.visitor('Ana', { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1' });
  await phone.logIn();
  const p = await ana.context.newPage();
  await p.goto('/Ana/settings/security'); await shot(p, 'security-off');
  await p.locator('a[href$="/second-factor"]').click(); await p.waitForURL(/second-factor/); await shot(p, 'factor-password');
  await p.locator('[name=password]').fill(password); await p.locator('.securityForm [type=submit]').click();
  const secret = await p.locator('.factorSecret').textContent(); await shot(p, 'factor-setup');
  await p.locator('[name=code]').fill(appCode(secret)); await p.locator('.securityForm [type=submit]').click(); await p.locator('.codeList').waitFor(); await shot(p, 'codes');
  await p.goto('/Ana/settings/security/second-factor'); await shot(p, 'factor-on');
  await p.goto('/Ana/settings/security'); await shot(p, 'security-on');
  await ana.post('/logout');
  await p.goto('/login'); await p.locator('[name=username]').fill('Ana'); await p.locator('[name=password]').fill(password); await p.locator('.formBox [type=submit]').click();
  await p.waitForURL(/second-step/); await shot(p, 'secondstep');
  await p.goto('/dev/outbox'); await p.locator('.outboxMail').first().click(); await p.waitForURL(/outbox\/./); await shot(p, 'mail');
});
