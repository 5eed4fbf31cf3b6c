select id as external_ref, login, active as enabled from contracts
