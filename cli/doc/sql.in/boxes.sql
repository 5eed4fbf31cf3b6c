select mac_addr from terminal order by id limit 2
