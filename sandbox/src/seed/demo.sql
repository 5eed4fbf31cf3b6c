-- A small operator. Texts are in the spelling PostgreSQL prints, which is the
-- stored one. The packages of the vendor's scripts (movie, sports, movie2,
-- sports2) are not here: those scripts add them.
INSERT INTO subscriber (id, domain_id, username, password, disabled, email, phone, address, first_name, middle_name, surname, max_terminal, billing, type, business) VALUES
  (1, 1, '12345', 'bM4kq9', 0, 'a.volkova@example.net', '+7 912 000-00-01', 'ул. Ленина, 1-5', 'Анна', 'Петровна', 'Волкова', 3, 'LB-1001', 'BILL', NULL),
  (2, 1, 'test', 'test', 0, NULL, NULL, NULL, NULL, NULL, NULL, 5, NULL, 'INT', NULL),
  (3, 1, '10002', 'xZ71pw', 0, 'orlov@example.net', '+7 912 000-00-02', 'ул. Мира, 14-2', 'Игорь', 'Сергеевич', 'Орлов', 2, 'LB-1002', 'BILL', NULL),
  (4, 1, '10003', 'k20dVs', 1, NULL, '+7 912 000-00-03', 'ул. Мира, 14-8', 'Ольга', NULL, 'Зайцева', 2, 'LB-1003', 'BILL', NULL),
  (5, 1, '10004', 'qq8TTe', 0, 'belov@example.net', NULL, 'пер. Садовый, 3', 'Павел', 'Андреевич', 'Белов', NULL, 'LB-1004', 'BILL', NULL),
  (6, 1, '10005', 'mN5rf2', 0, NULL, '+7 912 000-00-05', 'ул. Ленина, 22-40', 'Мария', 'Ивановна', 'Соколова', 2, 'LB-1005', 'BILL', NULL),
  (7, 1, '10006', 'h77Yba', 1, 'kim@example.net', '+7 912 000-00-06', 'ул. Новая, 7', 'Виктор', NULL, 'Ким', 2, 'LB-1006', 'BILL', NULL),
  (8, 1, '10007', 'w3Lpo0', 0, 'd.o''hara@example.net', '+7 912 000-00-07', 'ул. Новая, 9-1', 'Diana', NULL, 'O''Hara', 4, 'LB-1007', 'BILL', NULL),
  (9, 1, 'office-1', 'u6Gvv1', 0, 'it@office.example.net', '+7 912 000-00-08', 'пр. Победы, 100', NULL, NULL, NULL, 10, 'LB-2001', 'BILL', 'ООО «Ромашка»'),
  (10, 1, 'hotel', 'r9Qx4c', 0, 'admin@hotel.example.net', '+7 912 000-00-09', 'наб. Речная, 2', NULL, NULL, NULL, 40, 'LB-2002', 'BILL', 'ИП Гринёв'),
  (11, 1, '10008', 'e1Rk8z', 0, NULL, NULL, 'ул. Ленина, 3-17', 'Тимур', 'Маратович', 'Галиев', 2, 'LB-1008', 'BILL', NULL),
  (12, 1, '10009', 'a4Hn7j', 0, 'lebed@example.net', '+7 912 000-00-10', 'ул. Мира, 2-31', 'Елена', 'Юрьевна', 'Лебедь', 2, 'LB-1009', 'BILL', NULL);

INSERT INTO terminal (id, domain_id, subscriber_id, mac_addr, inet_addr, registered) VALUES
  (1, 1, 1, '00:1a:79:10:00:01', '10.20.0.11', 1),
  (2, 1, 1, '00:1a:79:10:00:02', '10.20.0.12', 1),
  (3, 1, 2, '00:1a:79:10:00:03', '10.20.0.99', 1),
  (4, 1, 3, '00:1a:79:10:00:04', '10.20.0.21', 1),
  (5, 1, 4, '00:1a:79:10:00:05', NULL, 0),
  (6, 1, 5, 'a8:5e:45:22:17:0c', '10.20.1.5', 1),
  (7, 1, 6, 'a8:5e:45:22:17:0d', '10.20.1.6', 1),
  (8, 1, 8, '54:27:1e:90:ab:01', '10.20.1.8', 1),
  (9, 1, 9, '00:1a:79:10:00:0a', '10.30.0.2', 1),
  (10, 1, 9, '00:1a:79:10:00:0b', '10.30.0.3', 1),
  (11, 1, 10, '00:1a:79:10:00:0c', '10.40.0.0/24', 1),
  -- Switched on, not yet anybody's.
  (12, 1, NULL, 'f4:06:69:77:00:10', '10.20.9.9', 0);

INSERT INTO media (id, domain_id, name, protocol, inet_addr, port, path, is_tv, paid) VALUES
  (1, 1, 'Первый', 'udp', '235.10.10.1', 1234, NULL, 1, 0),
  (2, 1, 'Россия 1', 'udp', '235.10.10.2', 1234, NULL, 1, 0),
  (3, 1, 'Матч ТВ', 'udp', '235.10.10.3', 1234, NULL, 1, 0),
  (4, 1, 'НТВ', 'udp', '235.10.10.4', 1234, NULL, 1, 0),
  (5, 1, 'Культура', 'udp', '235.10.10.5', 1234, NULL, 1, 0),
  (6, 1, 'Кино HD', 'udp', '235.10.20.1', 5000, NULL, 1, 1),
  (7, 1, 'Спорт HD', 'udp', '235.10.20.2', 5000, NULL, 1, 1),
  (8, 1, 'Детский', 'http', 'stream.example.net', 8080, 'kids/index.m3u8', 1, 0),
  (9, 1, 'Новости', 'http', 'stream.example.net', NULL, 'news/index.m3u8', 1, 0),
  (10, 1, 'Тест', 'udp', '235.10.99.1', NULL, NULL, 1, 0),
  (11, 1, 'Радио Волна', 'http', 'radio.example.net', 8000, 'wave', 0, 0);

INSERT INTO package (id, domain_id, name, paid, cost, disabled) VALUES
  (1, 1, 'basic', 0, '0.00', 0),
  (2, 1, 'family', 1, '250.00', 0),
  (3, 1, 'premium', 1, '490.50', 0),
  (4, 1, 'archive', 1, '99.00', 1);

INSERT INTO subscriber_package (id, subscriber_id, package_id, enabled, expired_on) VALUES
  (1, 1, 1, 1, NULL),
  (2, 1, 2, 1, '2030-01-01 00:00:00'),
  (3, 2, 1, 1, NULL),
  (4, 3, 1, 1, NULL),
  (5, 4, 1, 0, NULL),
  (6, 5, 1, 1, NULL),
  (7, 5, 3, 1, '2030-06-30 23:59:59'),
  (8, 6, 1, 1, NULL),
  (9, 8, 2, 1, '2029-12-31 00:00:00'),
  (10, 9, 3, 1, NULL),
  (11, 10, 1, 1, NULL),
  (12, 11, 4, 0, '2024-02-29 12:00:00');

INSERT INTO subscriber_inetaddr (id, subscriber_id, inet_addr) VALUES
  (1, 9, '10.30.0.0/29'),
  (2, 10, '10.40.0.0/24'),
  (3, 3, '10.20.0.21');

INSERT INTO tv_channel (id, name, logo) VALUES
  (1, 'Первый', 'http://epg.example.net/logo/1.png'),
  (2, 'Россия 1', 'http://epg.example.net/logo/2.png'),
  (3, 'Первый (+2)', NULL),
  (4, 'Кино HD (архив)', NULL);

INSERT INTO tv_category (id, name, logo) VALUES
  (1, 'Новости', 'http://epg.example.net/category/news.png'),
  (2, 'Кино', NULL);

INSERT INTO tv_program (id, channel_id, start, stop, epg_provider_id, title) VALUES
  (1, 1, '2020-03-01 18:00:00', '2020-03-01 18:30:00', 36, 'Вечерние новости'),
  (2, 1, '2020-03-01 18:30:00', '2020-03-01 20:00:00', 36, 'Фильм'),
  (3, 2, '2020-03-01 18:00:00', '2020-03-01 19:00:00', 36, 'Вести'),
  (4, 2, '2020-03-01 18:00:00', '2020-03-01 19:00:00', 12, 'Вести');

INSERT INTO tv_program_category (program_id, category_id) VALUES
  (1, 1), (2, 2), (3, 1), (4, 1);

INSERT INTO terminal_playlog (domain_id, start, mac_addr, channel_id) VALUES
  (1, '2020-03-01 18:05:00', '00:1a:79:10:00:01', 1),
  (1, '2020-03-01 18:40:12', '00:1a:79:10:00:01', 1),
  (1, '2020-03-01 18:10:30', '00:1a:79:10:00:04', 2),
  (1, '2020-05-02 09:00:00', '00:1a:79:10:00:04', 2);

INSERT INTO "key" (id, name, algorithm, mode, length, update_period) VALUES
  (1, 'main', 'ARESSTREAM', 'SM', 1472, '01:00:00');

INSERT INTO "user" (id, name) VALUES (1, 'admin');
