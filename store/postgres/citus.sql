-- Distributes the tables by wallet on Citus. Run it once, after Migrate and before
-- the first wallet is opened; on tables with another prefix or schema, change the
-- names. Set Config.Sharded in all programs.
--
-- Wallets, entries and notices of one wallet are colocated: an operation on one
-- wallet is a transaction of one node. A transfer between wallets on two nodes is a
-- transaction of two, which Citus commits in two phases.
SELECT create_distributed_table('scrip_wallets', 'id');
SELECT create_distributed_table('scrip_entries', 'wallet_id', colocate_with => 'scrip_wallets');
SELECT create_distributed_table('scrip_notices', 'wallet_id', colocate_with => 'scrip_wallets');
