/**
 * Turns a file of conversations into training files for SFT and DPO with TRL.
 *
 *   npx tsx examples/export-preferences.ts conversations.jsonl data
 */
import { PreferenceExporter, readConversations, trlDpo, trlSft } from 'aloe-align';

const [conversations = 'conversations.jsonl', dir = 'data'] = process.argv.slice(2);

const exporter = new PreferenceExporter({ formats: [trlSft(), trlDpo()], validationShare: 0.1, seed: 7 });
const manifest = await exporter.write(readConversations(conversations), dir);

const { decisionPoints, conversations: played, failedConversations } = manifest.source;
console.log(
  `${decisionPoints} decision points in ${played} conversations (${failedConversations} broke off)`,
);
for (const { name, rows, drops } of manifest.formats) {
  const reasons = Object.entries(drops).filter(([, count]) => count > 0);
  console.log(`${name}: ${rows.train} training rows, ${rows.validation} validation rows`);
  for (const [reason, count] of reasons) console.log(`  ${count} dropped: ${reason}`);
}
for (const warning of manifest.warnings) console.log(`Note: ${warning}`);
console.log(`Written to ${dir}`);
