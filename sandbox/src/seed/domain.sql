INSERT INTO domain (id, name, allow_terminal_reg, allow_terminal_unreg, allow_anonymous, max_terminal_per_subscriber) VALUES
  (1, 'demo', 1, 1, 0, 5);
